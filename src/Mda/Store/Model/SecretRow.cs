namespace MailSuite.Mda.Store.Model;

/// <summary>Random octets that belong to the whole store and never change.</summary>
internal sealed class SecretRow
{
    /// <summary>From it come the salts that names without an account are told.</summary>
    public const string ScramSalts = "scram_salts";

    public required string Name { get; init; }

    public required byte[] Octets { get; init; }
}
