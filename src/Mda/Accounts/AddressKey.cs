using System.Text;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mda.Accounts;

/// <summary>How addresses of our own mailboxes are compared: the local-part without regard to case, the domain by its A-labels.</summary>
/// <remarks>RFC 5321 §2.4 leaves the local-part to the host that owns the mailbox; people do not expect Ann and ann to be two.</remarks>
internal static class AddressKey
{
    internal static string Of(EnvelopeAddress address) => Of(address.LocalPart, address.Domain);

    internal static string Of(string localPart, Domain domain) => $"{Fold(localPart)}@{domain.Ascii}";

    private static string Fold(string localPart) =>
        (Ascii.IsValid(localPart) ? localPart : localPart.Normalize(NormalizationForm.FormC)).ToLowerInvariant();
}
