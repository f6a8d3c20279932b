namespace MailSuite.Mda.Store.Model;

/// <summary>The octets of a body that does not lie in a file.</summary>
internal sealed class BodyOctetsRow
{
    public long BodyId { get; init; }

    public required byte[] Octets { get; init; }
}
