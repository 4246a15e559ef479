using System;
using System.Runtime.InteropServices;

namespace Cryo
{
    /// <summary>An object of the library's that this package frees.</summary>
    internal sealed class Handle : SafeHandle
    {
        internal delegate int Maker(out IntPtr result);

        /// <summary>NULL.</summary>
        internal static readonly Handle None = new Handle(IntPtr.Zero, each => { });

        private readonly Action<IntPtr> free;

        internal Handle(IntPtr value, Action<IntPtr> free)
            : base(IntPtr.Zero, true)
        {
            this.free = free;
            SetHandle(value);
        }

        public override bool IsInvalid
        {
            get { return handle == IntPtr.Zero; }
        }

        /// <summary>What a function of the library's makes.</summary>
        internal static Handle Make(Maker maker, Action<IntPtr> free)
        {
            IntPtr value;
            CryoException.Check(maker(out value));
            return new Handle(value, free);
        }

        protected override bool ReleaseHandle()
        {
            free(handle);
            return true;
        }
    }
}
