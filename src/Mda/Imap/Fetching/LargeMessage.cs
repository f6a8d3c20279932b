using MailSuite.Mda.Imap.Selected;
using MailSuite.Mda.Mime;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Content;

namespace MailSuite.Mda.Imap.Fetching;

/// <summary>A message whose octets lie in a file, with what was read of it on the lease.</summary>
internal sealed class LargeMessage(in FetchSource source, byte[] prefix, string file, long octets)
{
    private readonly NumberedMessage _message = source.Message;
    private readonly bool _tellsFlags = source.TellsFlags;
    private readonly KeptFacts _kept = source.Kept;
    private readonly byte[] _head = source.Head.ToArray();
    private byte[] _envelope = source.Envelope.ToArray();
    private byte[] _structure = source.Structure.ToArray();
    private string? _preview = source.Preview;

    internal string File => file;

    internal ReadOnlyMemory<byte> Prefix => prefix;

    /// <summary>With the prefix.</summary>
    internal long Octets => octets;

    internal MessageIndex? Index { get; private set; } = source.Index;

    internal FetchSource Source => new()
    {
        Message = _message,
        TellsFlags = _tellsFlags,
        Kept = _kept,
        Head = _head,
        Envelope = _envelope,
        Structure = _structure,
        Preview = _preview,
        Index = Index,
    };

    /// <summary>Makes of the octets what was not made of them yet.</summary>
    internal async ValueTask DeriveAsync(FetchPlan plan, IMessageContent content, CancellationToken cancellationToken)
    {
        if (plan.DerivesPreview && _preview is null)
            _preview = (await Search.MessagePreview.ReadAsync(content, cancellationToken)).Text;

        // Of a header that is not kept apart the index says where it ends.
        var isWhole = (!plan.NeedsEnvelope || _envelope.Length > 0) && (!plan.NeedsStructure || _structure.Length > 0) && ((!plan.NeedsIndex && (!plan.NeedsHead || _head.Length > 0)) || Index is not null);
        if (isWhole)
            return;
        var facts = await WireFacts.ReadAsync(content, cancellationToken);
        _envelope = facts.Envelope;
        _structure = facts.Structure;
        Index = facts.Index;
    }
}
