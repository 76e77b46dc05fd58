"""Pictures of a site, drawn as SVG that fits every width."""
