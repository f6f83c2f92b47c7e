/** Style sheets that the bundler takes from a package. */
declare module '*.css';
