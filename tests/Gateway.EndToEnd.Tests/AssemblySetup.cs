// Two cores, and every test starts several processes: one at a time is faster than all at once.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
