namespace MailSuite.Mda.Tests.Pop3;

/// <summary>The test that proves a capability of CAPA; the README's table names its class.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class CapabilityAttribute(string keyword) : Attribute
{
    public string Keyword => keyword;
}
