using System.Globalization;
using System.Text;
using MailSuite.Mua.Reading;
using MailSuite.Shared.Contracts.Mda;
using MimeKit;

namespace MailSuite.Mua.Compose;

/// <summary>Begins a draft from a message: a reply, a reply to all, or a forward (RFC 5322 §3.6.4, §3.6.2).</summary>
internal static class Answer
{
    private static readonly string[] ReplyMarks = ["re:", "aw:", "sv:", "antw:"];

    private static readonly string[] ForwardMarks = ["fwd:", "fw:", "wg:"];

    internal static Draft To(Account account, DeliveryId id, StoredMessage stored, ReadableMessage message, DraftKind kind)
    {
        var source = new DraftSource(stored.Summary.Mailbox, stored.Summary.Uid, kind, kind == DraftKind.Forward ? [.. message.Attachments.Select(a => a.Number)] : []);
        var draft = new Draft(id) { Source = source };
        return kind switch
        {
            DraftKind.Reply or DraftKind.ReplyAll => Reply(draft, account, message, kind == DraftKind.ReplyAll),
            DraftKind.Forward => draft with { Subject = Mark(message.Subject, "Fwd: ", ForwardMarks), Text = ForwardText(message) },
            _ => draft with { Subject = Mark(message.Subject, "Fwd: ", ForwardMarks) },
        };
    }

    private static Draft Reply(Draft draft, Account account, ReadableMessage message, bool all)
    {
        var mime = message.Mime;
        var author = mime.ReplyTo.Count > 0 ? mime.ReplyTo : mime.From;
        // Who answers a message of their own writes to those it went to.
        var own = mime.From.Mailboxes.Any() && mime.From.Mailboxes.All(m => IsSelf(account, m)) && mime.To.Mailboxes.Any();
        var to = new List<MailboxAddress>();
        var cc = new List<MailboxAddress>();
        Add(to, own ? mime.To : author, _ => true);
        if (all)
        {
            if (!own)
                Add(to, mime.To, m => !IsSelf(account, m));
            Add(cc, mime.Cc, m => !IsSelf(account, m) && !to.Exists(t => IsSame(t, m)));
        }

        var messageId = mime.MessageId;
        var references = mime.References.Count > 0 ? mime.References.ToList() : mime.InReplyTo is { Length: > 0 } parent ? [parent] : [];
        if (messageId is { Length: > 0 })
            references.Add(messageId);
        return draft with
        {
            To = Text(to),
            Cc = Text(cc),
            Subject = Mark(message.Subject, "Re: ", ReplyMarks),
            InReplyTo = messageId,
            References = Shorten(references),
            Text = ReplyText(message),
        };
    }

    private static void Add(List<MailboxAddress> target, InternetAddressList from, Func<MailboxAddress, bool> wanted)
    {
        foreach (var mailbox in from.Mailboxes)
        {
            if (target.Count < ComposeLimits.MaxRecipients && wanted(mailbox) && !target.Exists(m => IsSame(m, mailbox)))
                target.Add(mailbox);
        }
    }

    private static bool IsSame(MailboxAddress one, MailboxAddress other) => string.Equals(one.Address, other.Address, StringComparison.OrdinalIgnoreCase);

    private static bool IsSelf(Account account, MailboxAddress mailbox) => string.Equals(mailbox.Address, account.Address.ToString(), StringComparison.OrdinalIgnoreCase)
        || string.Equals(mailbox.Address, account.Address.ToDisplayString(), StringComparison.OrdinalIgnoreCase);

    private static string Text(IEnumerable<MailboxAddress> mailboxes) => string.Join(", ", mailboxes.Select(m => m.ToString(encode: false)));

    private static string Mark(string subject, string mark, string[] marks)
    {
        var bare = subject.Trim();
        return Array.Exists(marks, m => bare.StartsWith(m, StringComparison.OrdinalIgnoreCase)) ? bare : (mark + bare).TrimEnd();
    }

    /// <summary>The first names the thread, the last the place in it.</summary>
    private static List<string> Shorten(List<string> references) =>
        references.Count <= ComposeLimits.MaxReferences ? references : [references[0], .. references[^(ComposeLimits.MaxReferences - 1)..]];

    private static string ReplyText(ReadableMessage message)
    {
        var who = message.Mime.From.Mailboxes.FirstOrDefault() is { } m ? string.IsNullOrWhiteSpace(m.Name) ? m.Address : m.Name : "somebody";
        var quoted = new StringBuilder("\n\n");
        if (message.Date is { } date)
            quoted.Append(CultureInfo.InvariantCulture, $"On {date:ddd, d MMM yyyy} at {date:HH:mm}, ");
        quoted.Append(who).Append(" wrote:\n");
        foreach (var line in Quotable(message).Split('\n'))
        {
            // "> > x" and ">> x" mean the same; the shorter is the usual one (RFC 3676 §4.5).
            quoted.Append(line.StartsWith('>') ? ">" : line.Length == 0 ? ">" : "> ").Append(line).Append('\n');
        }

        return quoted.ToString();
    }

    private static string ForwardText(ReadableMessage message)
    {
        var text = new StringBuilder("\n\n---------- Forwarded message ----------\n");
        AddField("From", message.Mime.From);
        if (message.Date is { } date)
            text.Append(CultureInfo.InvariantCulture, $"Date: {date:ddd, d MMM yyyy HH:mm zzz}\n");
        text.Append("Subject: ").Append(message.Subject).Append('\n');
        AddField("To", message.Mime.To);
        AddField("Cc", message.Mime.Cc);
        return text.Append('\n').Append(Cut(message.ReadText(out _))).ToString();

        void AddField(string name, InternetAddressList list)
        {
            if (list.Count > 0)
                text.Append(name).Append(": ").AppendJoin(", ", ReadableMessage.Addresses(list).Select(m => m.ToString(encode: false))).Append('\n');
        }
    }

    /// <summary>The text without its signature (the line "-- ", RFC 3676 §4.3).</summary>
    private static string Quotable(ReadableMessage message)
    {
        var text = Cut(message.ReadText(out _)).ReplaceLineEndings("\n").TrimEnd();
        var signature = text.LastIndexOf("\n-- \n", StringComparison.Ordinal);
        return signature < 0 ? text : text[..signature].TrimEnd();
    }

    private static string Cut(string text) => text.Length > ComposeLimits.MaxQuotedCharacters ? text[..ComposeLimits.MaxQuotedCharacters] + "\n[…]" : text;
}
