using System.Text;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Imap.Responses;
using MailSuite.Mda.Mailboxes;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Imap.Commands;

/// <summary>CREATE (RFC 9051 §6.3.4), with a special use (RFC 6154 §3); answers with the MAILBOXID (RFC 8474 §4.1).</summary>
internal sealed class CreateCommand(MailboxNames names) : IImapCommand
{
    public string Name => "CREATE";

    public ImapStates AllowedIn => ImapStates.SignedIn;

    public ValueTask<ImapAnswer> ExecuteAsync(ImapSession session, ImapCommandLine line, CancellationToken cancellationToken)
    {
        var parser = line.Parse();
        var uses = new List<SpecialUse?>();
        if (!parser.TryMailbox(session.Utf8, out var name) || (parser.TrySpace() && !TryUse(ref parser, uses)) || !parser.IsAtEnd)
            return new(ImapAnswers.Syntax);
        if (uses.Count > 1 || uses is [null])
            return new(ImapAnswer.No("A mailbox has one special use, of those that CREATE can give.", "USEATTR"));

        // A separator at the end says that there will be others below it, which is always possible (RFC 9051 §6.3.4).
        return CreateAsync(session, name is [.., MailboxName.Separator] ? name[..^1] : name, uses is [{ } use] ? use : SpecialUse.None, cancellationToken);
    }

    private static bool TryUse(ref ImapParser parser, List<SpecialUse?> uses)
    {
        const int MaxUses = 16;
        if (!parser.TryOpen() || !parser.TryWord("USE"u8) || !parser.TrySpace() || !parser.TryOpen())
            return false;
        if (parser.TryClose())
            return parser.TryClose();

        do
        {
            if (uses.Count >= MaxUses || !parser.TryFlag(out var attribute))
                return false;
            uses.Add(SpecialUses.Find(Encoding.ASCII.GetString(attribute)));
        }
        while (parser.TrySpace());

        return parser.TryClose() && parser.TryClose();
    }

    private async ValueTask<ImapAnswer> CreateAsync(ImapSession session, string name, SpecialUse use, CancellationToken cancellationToken)
    {
        var outcome = await names.CreateAsync(session.AccountId, name, use, cancellationToken);
        if (outcome is not NamespaceOutcome.Done { Mailbox: var made })
            return NamespaceAnswers.Of(outcome, string.Empty);

        // RFC 9051 §6.3.4, §7.3.1: the name in its one form may not be what the client said.
        if (made.Name != name && session.Enabled.HasFlag(ImapExtensions.Imap4Rev2))
            session.Writer.Raw("* LIST () \"/\" "u8).Mailbox(made.Name).Raw(" (\"OLDNAME\" ("u8).Mailbox(name).Raw("))"u8).Crlf();
        return ImapAnswer.Ok("The mailbox is there.", $"MAILBOXID (F{made.Id})");
    }
}
