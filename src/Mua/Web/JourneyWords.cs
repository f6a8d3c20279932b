using MailSuite.Shared.Journey;

namespace MailSuite.Mua.Web;

/// <summary>The roles and steps in words for people, for the pages of journeys.</summary>
internal static class JourneyWords
{
    internal static string Abbreviation(MailRole role) => role switch
    {
        MailRole.Mua => "MUA",
        MailRole.Msa => "MSA",
        MailRole.Mta => "MTA",
        MailRole.Mda => "MDA",
        _ => "MS",
    };

    internal static string Name(MailRole role) => role switch
    {
        MailRole.Mua => "Mail User Agent",
        MailRole.Msa => "Mail Submission Agent",
        MailRole.Mta => "Mail Transfer Agent",
        MailRole.Mda => "Mail Delivery Agent",
        _ => "Message Store",
    };

    internal static string Task(MailRole role) => role switch
    {
        MailRole.Mua => "where people write and read",
        MailRole.Msa => "takes mail from its own people",
        MailRole.Mta => "carries mail between hosts",
        MailRole.Mda => "puts mail into mailboxes",
        _ => "keeps mailboxes",
    };

    internal static string Icon(MailRole role) => role switch
    {
        MailRole.Mua => "person",
        MailRole.Msa => "sent",
        MailRole.Mta => "server",
        MailRole.Mda => "inbox",
        _ => "archive",
    };

    /// <summary>How it went: <c>good</c>, <c>bad</c>, <c>wait</c>, or <c>calm</c>; a class of the style sheet.</summary>
    internal static string Tone(JourneyStep step) => step switch
    {
        JourneyStep.Delivered or JourneyStep.Relayed or JourneyStep.Filed or JourneyStep.Shown => "good",
        JourneyStep.Refused or JourneyStep.Bounced => "bad",
        JourneyStep.Deferred or JourneyStep.Queued => "wait",
        _ => "calm",
    };
}
