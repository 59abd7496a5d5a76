from shop.web import page
