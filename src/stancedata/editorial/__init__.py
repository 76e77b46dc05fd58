"""An editor's tools: compare and adjudicate blind codings; drop, move and rename records."""
