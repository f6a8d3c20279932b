using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Policy;

/// <summary>Who may begin a mail transaction: on the MX and over LMTP everybody, a program of this machine, for submission who has authenticated (RFC 6409 §4.3).</summary>
internal sealed class SubmissionPolicy : IMailPolicy
{
    private static readonly PolicyVerdict AuthenticateFirst = new PolicyVerdict.Refuse(StatusCodes.AuthenticationRequired, "Authenticate first") { ReplyCode = 530 };

    public string Name => "submission";

    public ValueTask<PolicyVerdict> AtMailAsync(MailFacts mail, CancellationToken cancellationToken) =>
        new(mail.Client.Role is SmtpRole.Mx or SmtpRole.Lmtp or SmtpRole.Local || mail.Client.Account is not null ? PolicyVerdict.Accepted : AuthenticateFirst);
}
