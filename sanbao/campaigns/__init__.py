"""Plan: campaigns, plans, targets, tasks, meetings."""
