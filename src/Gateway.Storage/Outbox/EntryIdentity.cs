namespace Gateway.Storage;

/// <summary>Who an entry of a stream is to a backend: the same wherever it lies and however often it is sent.</summary>
/// <param name="Epoch">Random, made with the stream; a new one when the data folder has come to another machine or out of a backup.</param>
/// <param name="Number">Contiguous within the epoch, from 1.</param>
/// <param name="Previous">With number 1: the epoch before, if there was one.</param>
public readonly record struct EntryIdentity(ulong Epoch, ulong Number, ulong? Previous);
