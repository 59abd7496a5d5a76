from .. import billing
from ..tools import help
