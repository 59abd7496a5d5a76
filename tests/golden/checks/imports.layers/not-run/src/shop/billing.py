import shop.model
