"""What gates do to the gradient that flows back, in words that several of them share."""

ADD = "distributor: each input gets the upstream gradient unchanged"
SCALE = "scaler: the input gets the upstream gradient times a number"
CHAIN = "chain: the input gets the upstream gradient times the slope of the curve"
ROUTE = "router: the gradient goes to the input that was let through"
STOP = "stopper: its output is flat, so no gradient passes"
