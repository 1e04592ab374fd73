using Gateway.Core;

namespace Gateway.Commands;

/// <summary>An accepted command on its way to its device.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Device">The device.</param>
/// <param name="Document">What it asks for.</param>
/// <param name="Deadline">Timestamp of this process after which it must not be carried out.</param>
/// <param name="Lsn">Must be durable before anything is written.</param>
/// <param name="Reply">Where the answer goes.</param>
internal sealed record CommandWork(string Id, DeviceOptions Device, CommandDocument Document, long Deadline, long Lsn, ReplyAddress Reply);

/// <summary>Where an answer goes.</summary>
/// <param name="Topic">Topic of the answer.</param>
/// <param name="Correlation">Correlation Data of the question, or null.</param>
/// <param name="Bridge">The bridge whose upstream named the topic; null: the rules decide.</param>
internal sealed record ReplyAddress(string Topic, ReadOnlyMemory<byte>? Correlation, string? Bridge);
