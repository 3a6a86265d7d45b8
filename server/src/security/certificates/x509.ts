// The X.509 library builds its parts by dependency injection and needs this polyfill loaded before it.
import 'reflect-metadata';

export * from '@peculiar/x509';
