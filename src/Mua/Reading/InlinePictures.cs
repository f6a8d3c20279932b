using System.Globalization;
using System.Security.Cryptography;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.AspNetCore.DataProtection;

namespace MailSuite.Mua.Reading;

/// <summary>Addresses of pictures inside messages, good for an hour and for whoever has them.</summary>
/// <remarks>
/// A sandboxed frame has no origin, so browsers send it no cookie: the address itself carries the permission, encrypted and
/// authenticated. It says which part of which message, nothing of its content.
/// </remarks>
internal sealed class InlinePictures(IDataProtectionProvider protection)
{
    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("MailSuite.Mua.InlinePictures").ToTimeLimitedDataProtector();

    internal string AddressOf(AccountId account, MailboxId mailbox, Uid uid, int part) =>
        $"/mail/inline/{_protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{account}.{mailbox}.{uid}.{part}"), ReadingLimits.InlineImagesFor)}";

    internal bool TryRead(string token, out AccountId account, out MailboxId mailbox, out Uid uid, out int part)
    {
        (account, mailbox, uid, part) = (default, default, default, 0);
        try
        {
            var numbers = _protector.Unprotect(token).Split('.');
            account = new AccountId(long.Parse(numbers[0], CultureInfo.InvariantCulture));
            mailbox = new MailboxId(long.Parse(numbers[1], CultureInfo.InvariantCulture));
            uid = new Uid(uint.Parse(numbers[2], CultureInfo.InvariantCulture));
            part = int.Parse(numbers[3], CultureInfo.InvariantCulture);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
