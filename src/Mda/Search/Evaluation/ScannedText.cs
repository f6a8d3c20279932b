using MailSuite.Mda.Search.Text;

namespace MailSuite.Mda.Search.Evaluation;

/// <summary>Looks through a message's text as it is read from its octets, and keeps none of its body.</summary>
internal sealed class ScannedText(TextProbe probe) : IMessageText
{
    /// <summary>Octets of part headers that are collected before they are looked through.</summary>
    private const int MaxCollected = 64 * 1024;

    private bool _ownFieldsLookedAt;

    public FoldedText Head { get; } = new(2048);

    public FoldedText Body { get; } = new(4096);

    internal bool IsFound { get; private set; }

    public bool GoesOn()
    {
        if (probe.InHead && (!_ownFieldsLookedAt || Head.Length > MaxCollected))
        {
            // Fields are looked at when all of them are there; afterwards only text that may be anywhere.
            IsFound |= probe.LooksAtHead(Head.Octets);
            _ownFieldsLookedAt = true;
            Head.KeepLast(probe.Overlap);
        }

        if (!IsFound && probe.InBody && Body.Length > 0)
        {
            IsFound = probe.LooksAtBody(Body.Octets);
            Body.KeepLast(probe.Overlap);
        }

        return !IsFound && (probe.InBody || !_ownFieldsLookedAt);
    }

    /// <summary>Looks at what was collected at the end.</summary>
    internal bool Finish()
    {
        if (!IsFound && probe.InHead)
            IsFound = probe.LooksAtHead(Head.Octets);
        if (!IsFound && probe.InBody)
            IsFound = probe.LooksAtBody(Body.Octets);
        return IsFound;
    }
}
