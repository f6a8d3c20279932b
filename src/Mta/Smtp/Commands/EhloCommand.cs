using MailSuite.Mta.Policy;
using MailSuite.Mta.Smtp.Extensions;
using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>EHLO: the client names itself, the server lists what it can do (RFC 5321 §4.1.1.1). Ends an open transaction.</summary>
internal sealed class EhloCommand(PolicyChain policies, MtaOptions options, IReadOnlyList<ISmtpExtension> extensions) : ISmtpCommand
{
    private readonly EhloReplies _replies = new(options.HostName, extensions);

    public string Verb => "EHLO";

    public string Syntax => "EHLO client.example.net";

    public SmtpStates AllowedIn => SmtpStates.Any;

    /// <summary>LMTP has LHLO instead (RFC 2033 §4.1).</summary>
    public SmtpReply? RefusalIn(SmtpRole role) => role == SmtpRole.Lmtp ? SmtpReplies.SayLhlo : null;

    public bool EndsGroup => true;

    public bool IsIdle => true;

    public async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments)
    {
        if (!ClientName.TryParse(arguments, out var name, options.Strictness.HelloName))
            return SmtpReplies.BadClientName;

        session.Greet(name, extended: true);
        if (await policies.AtHelloAsync(session.Facts, session.Record, CancellationToken.None) is { } objection)
            return session.TakeBackGreeting(objection);

        return _replies.For(session);
    }
}
