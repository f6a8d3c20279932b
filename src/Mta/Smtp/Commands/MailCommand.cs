using MailSuite.Mta.Policy;
using MailSuite.Mta.Smtp.Extensions;
using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>MAIL: begins a mail transaction with its reverse-path (RFC 5321 §4.1.1.2).</summary>
internal sealed class MailCommand(SourceRoutePolicy routes, PolicyChain policies, IReadOnlyList<ISmtpExtension> extensions, MtaOptions options, TimeProvider clock) : ISmtpCommand
{
    private readonly ParameterTable _parameters = new(extensions, extension => extension.MailParameters);

    public string Verb => "MAIL";

    public string Syntax => "MAIL FROM:<user@example.net> [SIZE=octets] [BODY=7BIT|8BITMIME|BINARYMIME] [SMTPUTF8] [RET=FULL|HDRS] [ENVID=id] [BY=seconds;R|N] [HOLDFOR=seconds] [HOLDUNTIL=time] [MT-PRIORITY=-9..9]";

    public SmtpStates AllowedIn => SmtpStates.Ready;

    public async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments)
    {
        if (session.CountTransaction() > options.MaxTransactions)
            return SmtpReplies.TooManyTransactions;

        if (!MailArguments.TryParse(arguments, out var mail, out var error))
            return error;

        // The port for fetching mail takes none (RFC 2645 §5.1).
        if (session.Role == SmtpRole.Odmr)
            return SmtpReplies.NotOffered;

        var transaction = new SmtpTransaction(routes.Incoming(mail.ReversePath), session.Record, clock) { AnswersEach = session.Role == SmtpRole.Lmtp, IsOwn = session.Account is not null };
        foreach (var parameter in mail.Parameters)
        {
            if (Apply(parameter, session, transaction) is { } refusal)
                return Refuse(session, transaction, refusal);
        }

        if (!mail.PathIsAscii && !transaction.SmtpUtf8)
            return Refuse(session, transaction, SmtpReplies.NonAsciiAddress);

        var facts = new MailFacts(session.Facts, transaction.ReversePath, transaction.DeclaredOctets);
        if (await policies.AtMailAsync(facts, transaction.Record, CancellationToken.None) is { } objection)
            return Refuse(session, transaction, SmtpReplies.Of(objection));

        session.Begin(transaction);
        return transaction.OpeningReply;
    }

    /// <remarks>DEVIATION: a client that said HELO may use them too; it has no business to know them, and no harm comes of it.</remarks>
    private SmtpReply? Apply(EsmtpParameter parameter, SmtpSession session, SmtpTransaction transaction) =>
        _parameters.TryFind(parameter.Keyword, out var extension) ? extension.Apply(parameter, session, transaction) : SmtpReplies.UnknownParameter;

    private static SmtpReply Refuse(SmtpSession session, SmtpTransaction transaction, SmtpReply reply)
    {
        transaction.Refuse(reply);
        session.Conclude(transaction);
        return reply;
    }
}
