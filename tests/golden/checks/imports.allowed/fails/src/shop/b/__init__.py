from ..secret import key
