namespace MailSuite.Shared.Content;

/// <summary>The octets of one message, header and body, as received: CRLF line ends, no dot-stuffing (RFC 5322 §2.1).</summary>
/// <remarks>
/// It may be read any number of times, from several readers at once, and never changes. It is valid as long as whoever made it says;
/// a module that is handed one in a call may use it until the call's task is done, and copies what it wants to keep.
/// </remarks>
public interface IMessageContent
{
    long Octets { get; }

    /// <summary>The whole message where it is already in memory; a caller must not ask for it otherwise than by <see cref="OpenRead"/> then.</summary>
    bool TryGetMemory(out ReadOnlyMemory<byte> octets);

    /// <summary>A new reader at the first octet; the caller disposes it.</summary>
    Stream OpenRead();
}
