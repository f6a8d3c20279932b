namespace MailSuite.Shared.Journey;

/// <summary>The actors of RFC 5598 §4 that MailSuite plays. Kept on disk by its number.</summary>
public enum MailRole
{
    Mua = 1,
    Msa = 2,
    Mta = 3,
    Mda = 4,
    MessageStore = 5,
}
