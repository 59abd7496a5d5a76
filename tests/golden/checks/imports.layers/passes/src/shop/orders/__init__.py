from shop.model import *
