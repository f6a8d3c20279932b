using MailSuite.Mta.Acceptance;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Policy;

/// <summary>No mail is begun that the disk could not take.</summary>
internal sealed class DiskSpacePolicy(DiskSpace disk) : IMailPolicy
{
    private static readonly PolicyVerdict Full = new PolicyVerdict.Defer(StatusCodes.SystemStorageFull, "Not enough storage here for now");

    public string Name => "disk space";

    public ValueTask<PolicyVerdict> AtMailAsync(MailFacts mail, CancellationToken cancellationToken) => new(disk.HasRoomFor(mail.DeclaredOctets) ? PolicyVerdict.Accepted : Full);
}
