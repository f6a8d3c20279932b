using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>LHLO: the EHLO of LMTP, so that nobody takes the one protocol for the other (RFC 2033 §4.1).</summary>
internal sealed class LhloCommand(EhloCommand ehlo) : ISmtpCommand
{
    public string Verb => "LHLO";

    public string Syntax => "LHLO client.example.net";

    public SmtpStates AllowedIn => ehlo.AllowedIn;

    public bool EndsGroup => ehlo.EndsGroup;

    public bool IsIdle => ehlo.IsIdle;

    public SmtpReply? RefusalIn(SmtpRole role) => role == SmtpRole.Lmtp ? null : SmtpReplies.SayEhlo;

    public ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments) => ehlo.ExecuteAsync(session, arguments);
}
