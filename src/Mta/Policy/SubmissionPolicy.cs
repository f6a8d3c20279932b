using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Policy;

/// <summary>Who may begin a mail transaction: on the MX and over LMTP everybody, for submission who has authenticated (RFC 6409 §4.3).</summary>
internal static class SubmissionPolicy
{
    public static bool MaySend(SmtpRole role, Account? account) => role is SmtpRole.Mx or SmtpRole.Lmtp || account is not null;
}
