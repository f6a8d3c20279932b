using MailSuite.Mta.Smtp.Extensions;
using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>EXPN: who gets the mail of an alias (RFC 5321 §3.5). A user is a list of one.</summary>
internal sealed class ExpnCommand(IAddressLookup directory, MtaOptions options) : ISmtpCommand
{
    public string Verb => "EXPN";

    public string Syntax => "EXPN list@example.net, or its name [SMTPUTF8]";

    public SmtpStates AllowedIn => SmtpStates.Any;

    public bool EndsGroup => true;

    public bool IsIdle => true;

    public async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments)
    {
        if (options.Expand == Offer.Never)
            return SmtpReplies.NotOffered;

        if (!LookupArguments.TryParse(arguments, out var asked))
            return SmtpReplies.BadExpnSyntax;

        if (!Offers.Holds(options.Expand, session))
            return SmtpReplies.ExpansionDenied;

        return await VrfyCommand.AskAsync(directory, asked) switch
        {
            LookupAnswer.List { IsWhole: false } => SmtpReplies.TooManyMembers,
            LookupAnswer.List list => SmtpReplies.Entries(list.Members, asked.SmtpUtf8),
            LookupAnswer.Mailbox mailbox => SmtpReplies.Entries([mailbox.Entry], asked.SmtpUtf8),
            LookupAnswer.Forwarded forwarded => SmtpReplies.Entries([new LookupEntry(forwarded.To, null)], asked.SmtpUtf8),
            var other => VrfyCommand.Refuse(other, asked),
        };
    }
}
