import shop.data
