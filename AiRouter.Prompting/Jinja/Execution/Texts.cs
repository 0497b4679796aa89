using System.Runtime.CompilerServices;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>Room on the stack for texts that are put together.</summary>
[InlineArray(Room)]
internal struct Texts
{
    /// <summary>How many there can be.</summary>
    public const int Room = 8;

    private string _first;
}
