"""License expressions and license evidence: pure, from text to conclusion."""
