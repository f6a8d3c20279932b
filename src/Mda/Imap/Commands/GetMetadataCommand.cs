using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Imap.Listing;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>GETMETADATA (RFC 5464 §4.2), of a mailbox or, by the empty name, of the server.</summary>
internal sealed class GetMetadataCommand(MailboxNames names, Annotations annotations) : IImapCommand
{
    private const int MaxEntries = 100;

    public string Name => "GETMETADATA";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public string Capability => "METADATA";

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var parser = line.Parse();
        var asked = new Asked(long.MaxValue, 0);
        if (parser.IsAt((byte)'(') && !(TryOptions(ref parser, ref asked) && parser.TrySpace()))
            return new(ImapAnswers.Syntax);
        return parser.TryMailbox(session.Utf8, out var name) && parser.TrySpace() && MetadataGrammar.TryEntries(ref parser, MaxEntries, out var entries) && parser.IsAtEnd
            ? TellAsync(session, name, entries, asked, cancellationToken)
            : new(ImapAnswers.Syntax);
    }

    private static bool TryOptions(ref ImapParser parser, ref Asked asked)
    {
        parser.TryOpen();
        do
        {
            if (parser.TryWord("MAXSIZE"u8) && parser.TrySpace() && parser.TryNumber(out var octets))
                asked = asked with { MaxOctets = octets };
            else if (parser.TryWord("DEPTH"u8) && parser.TrySpace() && TryDepth(ref parser, out var depth))
                asked = asked with { Depth = depth };
            else
                return false;
        }
        while (parser.TrySpace());

        return parser.TryClose();
    }

    private static bool TryDepth(ref ImapParser parser, out int depth)
    {
        depth = parser.TryWord("0"u8) ? 0 : parser.TryWord("1"u8) ? 1 : parser.TryWord("infinity"u8) ? int.MaxValue : -1;
        return depth >= 0;
    }

    private async ValueTask<ImapAnswer> TellAsync(ImapSession session, string name, List<MetadataEntry> entries, Asked asked, CancellationToken cancellationToken)
    {
        var mailbox = name.Length == 0 ? null : await names.ResolveAsync(session.AccountId, name, cancellationToken);
        if (name.Length > 0 && NamespaceAnswers.Judge(mailbox, MailboxRights.Read) is { } refused)
            return refused;

        var there = await annotations.ListAsync(session.AccountId, mailbox, cancellationToken);
        var told = new List<(string, byte[]?)>();
        var longest = 0L;
        foreach (var annotation in there.Where(found => entries.Exists(entry => entry.Covers(found.Entry, asked.Depth))))
        {
            if (annotation.Value.Length <= asked.MaxOctets)
                told.Add((annotation.Entry, annotation.Value));
            else
                longest = Math.Max(longest, annotation.Value.Length);
        }

        // What was asked for by its name and is not there has NIL; what is only a level has nothing of its own.
        if (asked.Depth == 0)
            told.AddRange(entries.Select(entry => entry.Name).Distinct().Where(entry => there.All(found => found.Entry != entry)).Select(entry => (entry, (byte[]?)null)));
        if (told.Count > 0)
            MetadataGrammar.Write(session.Writer, mailbox?.Name ?? string.Empty, told);
        return longest > 0 ? ImapAnswer.Ok("Some values are longer.", $"METADATA LONGENTRIES {longest}") : ImapAnswer.Ok("That is all.");
    }

    /// <param name="MaxOctets">Longer values are left out, and that is told.</param>
    /// <param name="Depth">Levels below an entry (RFC 5464 §4.2.2).</param>
    private readonly record struct Asked(long MaxOctets, int Depth);
}
