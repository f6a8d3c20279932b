using MailSuite.Mta.Policy;
using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>HELO: EHLO without extensions, for clients of RFC 821 (RFC 5321 §4.1.1.1).</summary>
internal sealed class HeloCommand(PolicyChain policies, MtaOptions options) : ISmtpCommand
{
    public string Verb => "HELO";

    public string Syntax => "HELO client.example.net";

    public SmtpStates AllowedIn => SmtpStates.Any;

    /// <summary>LMTP has LHLO instead (RFC 2033 §4.1).</summary>
    public SmtpReply? RefusalIn(SmtpRole role) => role == SmtpRole.Lmtp ? SmtpReplies.SayLhlo : null;

    public bool EndsGroup => true;

    public bool IsIdle => true;

    public async ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments)
    {
        if (!ClientName.TryParse(arguments, out var name, options.Strictness.HelloName))
            return SmtpReplies.BadClientName;

        session.Greet(name, extended: false);
        if (await policies.AtHelloAsync(session.Facts, session.Record, CancellationToken.None) is { } objection)
            return session.TakeBackGreeting(objection);

        return SmtpReplies.Hello(options.HostName);
    }
}
