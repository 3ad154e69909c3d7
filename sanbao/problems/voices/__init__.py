"""The merchant's voice in a matter that names it: proofs of correction and objections, what they may say and who hears them."""
