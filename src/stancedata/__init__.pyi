# The public names, for type checkers and for `__init__.py`, which imports them lazily.

from . import contract as contract
from . import spark as spark
from .dataset import Dataset as Dataset
from .dataset.folders import check as check
from .dataset.folders import read as read
from .dataset.packaged import load as load
from .model import Actor as Actor
from .model import Codebook as Codebook
from .model import Condition as Condition
from .model import Document as Document
from .model import Event as Event
from .model import Evidence as Evidence
from .model import Holder as Holder
from .model import Issue as Issue
from .model import Level as Level
from .model import Position as Position
from .model import Stance as Stance
from .model.corpus import Corpus as Corpus
from .model.dates import DateError as DateError
from .model.dates import StatedDate as StatedDate
from .problems import InvalidDataError as InvalidDataError
from .problems import Problem as Problem
from .problems import StancedataError as StancedataError
from .problems import UnknownIdError as UnknownIdError
from .questions.complete import complete as complete
from .questions.result import Result as Result
from .releases.changes import Change as Change
from .releases.changes import Changes as Changes
from .releases.revisions import Release as Release
from .reliability.figures import Reliability as Reliability
from .rules.verification import Verification as Verification

__version__: str
__all__: list[str]
