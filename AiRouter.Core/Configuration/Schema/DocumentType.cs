using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace AiRouter.Core.Configuration.Schema;

/// <summary>What is made of a type by those who know it only when they run.</summary>
internal abstract class DocumentType
{
    /// <summary>What is asked of a type.</summary>
    protected const DynamicallyAccessedMemberTypes Used =
        DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor;

    /// <summary>The type.</summary>
    public abstract Type Type { get; }

    /// <summary>What of a record can be set.</summary>
    public abstract IEnumerable<PropertyInfo> Members { get; }

    /// <summary>A record with every default, required members still empty.</summary>
    public abstract object New();

    /// <summary>A list of this length, of which each place is still to be set.</summary>
    public abstract Array NewList(int count);

    /// <summary>An empty map from names to values of the type.</summary>
    public abstract IDictionary NewMap(IEqualityComparer<string> comparer);
}

/// <summary>As <see cref="DocumentType"/>; keeps of the type in native code what is asked of it.</summary>
internal sealed class DocumentType<[DynamicallyAccessedMembers(Used)] T> : DocumentType
{
    public override Type Type => typeof(T);

    public override IEnumerable<PropertyInfo> Members => typeof(T).GetProperties().Where(static p => p.CanWrite);

    public override object New() => Activator.CreateInstance<T>()!;

    public override Array NewList(int count) => new T[count];

    public override IDictionary NewMap(IEqualityComparer<string> comparer) => new Dictionary<string, T>(comparer);
}
