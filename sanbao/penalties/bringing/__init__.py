"""What each step brings with it, put into the facts the law judges; by theme: entry, the ordinary course, execution. Reads only."""
