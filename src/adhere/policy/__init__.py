"""Rules, waivers and levels: from text to a verdict, without touching the world."""
