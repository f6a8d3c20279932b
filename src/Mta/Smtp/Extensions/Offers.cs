using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>Whether something that is offered to some is offered in a session.</summary>
internal static class Offers
{
    public static bool Holds(Offer offer, SmtpSession session) => offer == Offer.Always || (offer == Offer.Authenticated && session.Account is not null);
}
