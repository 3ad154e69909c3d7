"""Door plates (责任牌): a plate belongs to the premises, carries a code of its own, and opens the public page of the front."""
