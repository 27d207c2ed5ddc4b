"""Training commands: each is a part of the seam `train` and returns the folder of the model it wrote."""
