"""The circular (调度通报): how a period went, told to every unit; what is late, what improved, what is asked of whom."""
