using MailSuite.Mta.Smtp.Extensions;
using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>VRFY: is there such a mailbox, and whose is it (RFC 5321 §3.5)? Who is not answered hears 252, so that nobody collects addresses (§7.3).</summary>
internal sealed class VrfyCommand(IAddressLookup directory, MtaOptions options) : ISmtpCommand
{
    public string Verb => "VRFY";

    public string Syntax => "VRFY user@example.net, or a name [SMTPUTF8]";

    public SmtpStates AllowedIn => SmtpStates.Any;

    public bool EndsGroup => true;

    public bool IsIdle => true;

    public async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments)
    {
        if (!LookupArguments.TryParse(arguments, out var asked))
            return SmtpReplies.BadVrfySyntax;

        if (!Offers.Holds(options.Verify, session))
            return SmtpReplies.CannotVerify;

        return await AskAsync(directory, asked) switch
        {
            LookupAnswer.Mailbox mailbox => SmtpReplies.Entries([mailbox.Entry], asked.SmtpUtf8),
            LookupAnswer.List list => SmtpReplies.Entries([new LookupEntry(list.Address, null)], asked.SmtpUtf8),
            LookupAnswer.Forwarded forwarded when options.TellForwarding => SmtpReplies.WillForward(forwarded.To, asked.SmtpUtf8),
            LookupAnswer.Forwarded forwarded => SmtpReplies.Entries([new LookupEntry(forwarded.Address, null)], asked.SmtpUtf8),
            var other => Refuse(other, asked),
        };
    }

    /// <returns><see langword="null"/> when the client asks beyond ASCII without saying SMTPUTF8.</returns>
    internal static async ValueTask<LookupAnswer?> AskAsync(IAddressLookup directory, LookupArguments asked)
    {
        if (!asked.IsAscii && !asked.SmtpUtf8)
            return null;

        return asked.Address is { } address
            ? await directory.LookUpAsync(address, CancellationToken.None)
            : await directory.LookUpAsync(asked.Name, CancellationToken.None);
    }

    /// <summary>What VRFY and EXPN answer alike.</summary>
    internal static SmtpReply Refuse(LookupAnswer? answer, LookupArguments asked) => answer switch
    {
        null => SmtpReplies.NonAsciiQuestion,
        LookupAnswer.Moved moved => SmtpReplies.TryElsewhere(moved.To, asked.SmtpUtf8),
        LookupAnswer.Ambiguous ambiguous => SmtpReplies.Ambiguous(ambiguous.Candidates, asked.SmtpUtf8),
        LookupAnswer.Unknown => SmtpReplies.UnknownName,
        LookupAnswer.Unavailable unavailable => SmtpReplies.Of(unavailable.Status, unavailable.Reason),
        LookupAnswer.NotLocal => SmtpReplies.CannotVerify,
        _ => throw new InvalidOperationException($"There is no answer {answer}."),
    };
}
