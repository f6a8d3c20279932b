using MailSuite.Mda.Imap.Selected;
using MailSuite.Mda.Mime;
using MailSuite.Mda.Store.Sqlite;

namespace MailSuite.Mda.Imap.Fetching;

/// <summary>What is known of one message while its response is written. Of all but the message itself only what the plan asks for.</summary>
internal ref struct FetchSource
{
    internal NumberedMessage Message;

    /// <summary>Whether its flags are told beside what was asked for: reading it has changed them.</summary>
    internal bool TellsFlags;

    internal ReadOnlySpan<byte> Envelope;

    internal ReadOnlySpan<byte> Structure;

    /// <summary>The header of the message with its empty line.</summary>
    internal ReadOnlySpan<byte> Head;

    internal StoredOctets Octets;

    internal MessageIndex? Index;

    internal KeptFacts Kept;

    /// <summary><see langword="null"/> where it was not derived.</summary>
    internal string? Preview;
}
