using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Components.Backends;

/// <summary>What the fields of a backend's form have in common: what is wrong with each, what is locked, whether anything can be changed.</summary>
public sealed class FormState
{
    private readonly Dictionary<string, string> _complaints = new(StringComparer.Ordinal);
    private List<ConfigurationProblem> _problems = [];

    /// <summary>Whether nothing can be changed.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Fields that routers' environments set: member and reason.</summary>
    public IReadOnlyList<(string Member, string Why)> Locks { get; init; } = [];

    /// <summary>What was typed and is no value.</summary>
    public IReadOnlyList<ConfigurationProblem> Complaints => [.. _complaints.Select(static c => new ConfigurationProblem(c.Key, c.Value, null))];

    /// <summary>Takes what a save or a check found wrong.</summary>
    /// <param name="name">The backend's name, which paths may begin with.</param>
    /// <param name="problems">What was found.</param>
    public void Tell(string name, IReadOnlyList<ConfigurationProblem> problems)
    {
        var around = DocumentPath.Of("backends", name);
        _problems = [.. problems.Select(p => p with { Path = DocumentPath.Inside(p.Path, around) ?? p.Path })];
    }

    /// <summary>What is wrong with a member or inside it; null: nothing is known.</summary>
    public string? ProblemAt(string member) => _complaints.GetValueOrDefault(member) is { } complaint
        ? Sentence(complaint)
        : _problems.Find(p => DocumentPath.Inside(p.Path, member) is not null) is { } problem ? Sentence(problem.Message) : null;

    /// <summary>Whether something is wrong with some of these members.</summary>
    public bool HasProblem(IEnumerable<string> members) => members.Any(m => ProblemAt(m) is not null);

    /// <summary>Why a member cannot be changed; null: it can.</summary>
    public string? LockAt(string member) => Locks.FirstOrDefault(
        l => DocumentPath.Inside(member, l.Member) is not null || DocumentPath.Inside(l.Member, member) is not null).Why;

    /// <summary>What was typed into a member is no value; null: it is.</summary>
    public void Complain(string member, string? message)
    {
        Forget(member);
        if (message is not null)
        {
            _complaints[member] = message;
        }
    }

    /// <summary>A member was changed: what was wrong with it may not be any more.</summary>
    public void Forget(string member)
    {
        _complaints.Remove(member);
        _problems = [.. _problems.Where(p => DocumentPath.Inside(p.Path, member) is null)];
    }

    private static string Sentence(string message) => char.ToUpperInvariant(message[0]) + message[1..] + (message[^1] is '.' ? "" : ".");
}
