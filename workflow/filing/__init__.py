"""单位自评: a unit fills in, hands in, and its receiving desk accepts or returns."""
