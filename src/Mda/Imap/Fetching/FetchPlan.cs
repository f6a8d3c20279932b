using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Mime;

namespace MailSuite.Mda.Imap.Fetching;

/// <summary>What has to be read of each message for the items that are asked for.</summary>
internal sealed class FetchPlan
{
    internal FetchPlan(IReadOnlyList<FetchItem> items)
    {
        Items = items;
        foreach (var item in items)
        {
            TellsFlags |= item.Kind == FetchKind.Flags;
            TellsModSeq |= item.Kind == FetchKind.ModSeq;
            SetsSeen |= item.SetsSeen;
            switch (item.Kind)
            {
                case FetchKind.Envelope:
                    NeedsEnvelope = true;
                    break;
                case FetchKind.Body or FetchKind.BodyStructure:
                    NeedsStructure = true;
                    break;
                case FetchKind.SaveDate or FetchKind.ThreadId:
                    NeedsKept = true;
                    break;
                case FetchKind.Preview:
                    NeedsPreview = true;
                    DerivesPreview |= !item.IsLazy;
                    break;
                case FetchKind.Section when item.Section.IsOfHeader:
                    NeedsHead = true;
                    break;
                case FetchKind.Section or FetchKind.Binary or FetchKind.BinarySize:
                    NeedsOctets = true;
                    NeedsIndex |= !item.Section.Part.IsEmpty || item.Section.Text != SectionText.Whole;
                    ReadsText |= item.Kind != FetchKind.BinarySize && item.Section.Text is SectionText.Whole or SectionText.Text;
                    break;
            }
        }
    }

    internal IReadOnlyList<FetchItem> Items { get; }

    internal bool TellsFlags { get; }

    internal bool TellsModSeq { get; }

    /// <summary>Whether messages get \Seen by it.</summary>
    internal bool SetsSeen { get; }

    /// <summary>Whether somebody reads the message by it, and not only its header.</summary>
    internal bool ReadsText { get; }

    internal bool NeedsEnvelope { get; }

    internal bool NeedsStructure { get; }

    /// <summary>Of the header of the message.</summary>
    internal bool NeedsHead { get; }

    /// <summary>Of sections that are not of the header of the message alone.</summary>
    internal bool NeedsOctets { get; }

    internal bool NeedsIndex { get; }

    /// <summary>What stands in the row of the message and not in its entry.</summary>
    internal bool NeedsKept { get; }

    internal bool NeedsPreview { get; }

    /// <summary>Whether a preview that was not made yet is made now: not for PREVIEW (LAZY).</summary>
    internal bool DerivesPreview { get; }

    /// <summary>Whether the entries of the snapshot are not enough.</summary>
    internal bool NeedsStore => NeedsEnvelope || NeedsStructure || NeedsHead || NeedsOctets || NeedsKept || NeedsPreview || ReadsText;
}
