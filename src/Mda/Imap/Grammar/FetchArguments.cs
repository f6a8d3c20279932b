namespace MailSuite.Mda.Imap.Grammar;

/// <summary>What follows the set of a FETCH (RFC 9051 §6.4.5, RFC 4466 §2.4).</summary>
internal sealed record FetchArguments(IReadOnlyList<FetchItem> Items, FetchModifiers Modifiers);

/// <param name="ChangedSince">Only messages with a higher ModSeq (RFC 7162 §3.1.4.1).</param>
/// <param name="Vanished">With it, which messages went since then (RFC 7162 §3.2.6).</param>
/// <param name="Partial">Only these of the messages (RFC 9394 §3.3).</param>
internal readonly record struct FetchModifiers(long? ChangedSince, bool Vanished, MessageSlice? Partial);

/// <summary>Some of a row of messages by their place in it (RFC 9394 §3.1): <c>1:100</c> the first hundred, <c>-1:-100</c> the last.</summary>
/// <param name="First">1 at least.</param>
/// <param name="Last">Not lower than <paramref name="First"/>.</param>
internal readonly record struct MessageSlice(uint First, uint Last, bool FromEnd);
