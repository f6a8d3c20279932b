using MailSuite.Mda.Search;
using MailSuite.Mda.Mime;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;

namespace MailSuite.Mda.Imap.Fetching;

/// <summary>How the reading of one message ended.</summary>
internal enum FetchFind
{
    Ready,

    /// <summary>It was expunged meanwhile.</summary>
    Gone,

    /// <summary>Its octets lie in a file, which is read without a lease.</summary>
    Large,
}

/// <summary>Reads of a message what a plan asks for, all before a word of it is written.</summary>
internal sealed class FetchGathering(FetchPlan plan, MailboxId mailbox, IReadOnlySet<uint> wasUnseen)
{
    /// <summary>What the last messages were that somebody reads for the first time.</summary>
    internal List<FirstReading> FirstReadings { get; } = [];

    /// <summary>The message that the last <see cref="FetchFind.Large"/> was about.</summary>
    internal LargeMessage? Large { get; private set; }

    internal FetchFind Read(FetchReading reading, ref FetchSource source)
    {
        var entry = source.Message.Entry;
        if (!TryReadKept(reading, ref source))
            return FetchFind.Gone;

        var isWhole = (!plan.NeedsEnvelope || reading.TryEnvelope(entry.Body, out source.Envelope)) && (!plan.NeedsStructure || reading.TryStructure(entry.Body, out source.Structure));
        if (plan.NeedsIndex)
            source.Index = reading.TryParts(entry.Body, out var parts) ? MessageIndex.Parse(parts) : null;
        // A message of no octets has an empty one; then the index says where it lies.
        var hasHead = !plan.NeedsHead || (reading.TryHead(entry.Body, out source.Head) && !source.Head.IsEmpty);
        isWhole &= hasHead && (!plan.NeedsIndex || source.Index is not null);
        if (isWhole && !plan.NeedsOctets && !plan.NeedsPreview)
            return FetchFind.Ready;
        return ReadBody(reading, ref source, isWhole);
    }

    /// <param name="isWhole">Whether nothing is missing that has to be made of the octets.</param>
    private FetchFind ReadBody(FetchReading reading, ref FetchSource source, bool isWhole)
    {
        if (!reading.TryPlace(source.Message.Entry.Body, out var place))
            return FetchFind.Gone;

        source.Preview = place.Preview;
        var derivesPreview = plan.DerivesPreview && place.Preview is null;
        if (isWhole && !plan.NeedsOctets && !derivesPreview)
            return FetchFind.Ready;

        if (place.File is { } file)
        {
            Large = new LargeMessage(source, place.Prefix.ToArray(), file, place.Octets);
            return FetchFind.Large;
        }

        if (!reading.TryOctets(source.Message.Entry.Body, out var octets))
            return FetchFind.Gone;
        source.Octets = new StoredOctets(place.Prefix, octets);
        if (derivesPreview)
            source.Preview = MessagePreview.Parse(octets[..Math.Min(octets.Length, MessagePreview.MaxOctets)].ToArray()).Text;
        if (!isWhole)
            Derive(ref source);
        return FetchFind.Ready;
    }

    /// <summary>Makes of the octets what was not made of them yet: what is derived follows deliveries at a distance.</summary>
    private static void Derive(ref FetchSource source)
    {
        var facts = source.Octets.Derive();
        source.Envelope = facts.Envelope;
        source.Structure = facts.Structure;
        source.Index = facts.Index;
    }

    private bool TryReadKept(FetchReading reading, ref FetchSource source)
    {
        var entry = source.Message.Entry;
        var reads = plan.ReadsText && (!entry.Flags.HasFlag(MessageFlags.Seen) || wasUnseen.Contains(entry.Uid));
        if (!plan.NeedsKept && !reads)
            return true;
        if (!reading.TryKept(mailbox, entry.Uid, out source.Kept))
            return false;
        if (reads && source.Kept is { Journey: { } journey, Fetched: false })
            FirstReadings.Add(new FirstReading(new Uid(entry.Uid), new JourneyId(journey)));
        return true;
    }
}
