using System.Collections;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Objects;

/// <summary>
/// What filters such as <c>map</c> and <c>select</c> return, as in Jinja2: an iterator. It makes its items when they
/// are wanted, gives each one once, has no length and counts as true even when nothing comes.
/// </summary>
internal sealed class JinjaGenerator(IEnumerator<JinjaValue> items, string typeName = "generator")
    : JinjaObject, IEnumerator<JinjaValue>
{
    /// <inheritdoc/>
    public override string TypeName => typeName;

    /// <inheritdoc/>
    public override bool IsIterable => true;

    /// <inheritdoc/>
    public JinjaValue Current => items.Current;

    /// <inheritdoc/>
    object IEnumerator.Current => items.Current;

    /// <inheritdoc/>
    public override IEnumerator<JinjaValue> Iterate(JinjaRun run) => this;

    /// <inheritdoc/>
    public bool MoveNext() => items.MoveNext();

    /// <inheritdoc/>
    public void Reset() => throw new NotSupportedException();

    /// <summary>Does nothing: who stops early leaves the rest to the next one who asks.</summary>
    public void Dispose()
    {
    }
}
