from shop.web import
